"""Terminal charts, independent of the UI toolkit: screens style the roles, the command line drops them."""
