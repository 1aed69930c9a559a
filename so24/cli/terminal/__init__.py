"""What every command uses: opening, asking, choosing, printing, waiting, exit codes."""
