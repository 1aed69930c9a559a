"""The steps of a lane, which is a run's part for one key.

::

    lane             the steps in their order, repeated until nothing is open
      lane_pass        one pass, the only place that records what became of its documents
      lane_document    what the pass knows of one document
      customers, products, key_lists, credited_orders     what must be there before an order can be
      look_up          what is there already; what is there twice is retired
      draft | bind | invoice                              intent, call, answer; compare; confirm
    same_numbers                                        only by RecMan's own numbers, for such keys
    waiting          whether and when anything is attempted again
    late_drafts      looks again, later, for what landed after the lane had ended
"""
