"""Rules of provisioning: what is given to whom, and how addresses are made. Pure."""
