"""What a kiosk and a county say to each other: messages, code lists, problem types. Pure: no I/O, no clock."""
