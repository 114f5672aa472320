"""What kiosks tell and what waits for staff: heads of journals, figures of days, cases."""
