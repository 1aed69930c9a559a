"""What ``so24 check`` looks at: folders, the store, 24SevenOffice."""
