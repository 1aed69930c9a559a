"""What the pages *Users* and *Audit trail* draw: actions on users, and the trail's filters."""
