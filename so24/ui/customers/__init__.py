"""The room of the page *Customers*: a person says whose card in 24SevenOffice a customer's is."""
