"""Parts that several pages draw with: grids, chips, periods, files, the basket of ticks."""
