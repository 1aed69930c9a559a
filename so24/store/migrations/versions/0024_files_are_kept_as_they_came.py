"""Files are kept as they came, with their imports and documents; a drop folder has its claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "original",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("packed_size", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_original")),
        sa.UniqueConstraint("sha256", name=op.f("uq_original_sha256")),
    )
    op.create_table(
        "original_piece",
        sa.Column("original_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"], ["original.id"], name=op.f("fk_original_piece_original_id_original")
        ),
        sa.PrimaryKeyConstraint("original_id", "position", name=op.f("pk_original_piece")),
    )
    op.create_table(
        "import_original",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_import_original_import_id_import_run")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["original.id"], name=op.f("fk_import_original_original_id_original")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_original")),
    )
    op.create_index(op.f("ix_import_original_import_id"), "import_original", ["import_id"])
    op.create_index(op.f("ix_import_original_original_id"), "import_original", ["original_id"])
    op.create_table(
        "document_import",
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_document_import_import_id_import_run")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_document_import_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("invoice_id", "import_id", name=op.f("pk_document_import")),
    )
    op.create_index(op.f("ix_document_import_import_id"), "document_import", ["import_id"])
    op.create_table(
        "inbox_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("import_ids", sa.String(), nullable=False),
        sa.Column("target", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_file")),
        sa.UniqueConstraint("folder", "path", name=op.f("uq_inbox_file_folder_path")),
    )
