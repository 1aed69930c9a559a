"""Figures in Prometheus' text form; names, labels and units by its conventions.

Source: https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from so24.metrics.figures import InstallationFigures

# in English throughout: as Prometheus shows all figures
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def write_metrics(figures: InstallationFigures) -> bytes:
    """The figures as Prometheus reads them; no name of a customer, a user or a key is in them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(figures))
    return generate_latest(registry)


class _Told(Collector):
    """Hands the figures of one moment to the library, which writes them."""

    def __init__(self, figures: InstallationFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Each figure once."""
        told = self._figures
        yield _by_label("so24_documents", "Documents by state.", "state", told.documents)
        yield _by_label("so24_open_documents", "Documents by whose turn it is.", "pile", told.piles)
        yield _by_label("so24_keys", "Keys by whether they can send.", "state", told.keys)
        yield from map(_one, *zip(*_ones(told), strict=True))
        calls = CounterMetricFamily(
            "so24_office_calls", "Calls to 24SevenOffice.", labels=("operation", "outcome")
        )
        for call, count in sorted(told.calls.items(), key=str):
            calls.add_metric((call.operation, call.outcome), count)
        yield calls


def _ones(told: InstallationFigures) -> Iterator[tuple[str, str, float]]:
    yield "so24_runs_under_way", "Runs that have something in transfer.", told.runs
    yield "so24_oldest_run_seconds", "Age of the oldest of them.", told.oldest_run_seconds
    yield "so24_waiting_for_key", "Documents in transfer whose key is parked.", told.waiting_for_key
    yield "so24_planned_retries", "Documents that are tried again later.", told.planned_retries
    yield "so24_jobs_run", "Whether a process runs the jobs.", float(told.jobs_run)
    yield "so24_workers", "Workers within their lease (PostgreSQL).", told.workers
    if told.recman_calls_left is not None:
        yield "so24_recman_calls_left", "Calls to RecMan left today.", told.recman_calls_left


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value)


def _by_label(name: str, words: str, label: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=(label,))
    for value, count in sorted(counts.items()):
        family.add_metric((value,), count)
    return family
