"""Card readers, fingerprint sensors, printers: drivers and simulators that know nothing of the kiosk."""
