"""What is done by itself at which times: schedules, and their occasions, each claimed once."""
