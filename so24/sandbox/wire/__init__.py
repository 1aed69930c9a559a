"""The sandbox's own SOAP: codec, records, refusals, faults that can be switched on, quota."""
