"""The sandbox is tested over real HTTP with envelopes put together by hand."""
