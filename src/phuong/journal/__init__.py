"""Who saw or changed what: the pages over the kernel's journal."""
