"""How pictures look in cells, without a toolkit: the screen styles the roles, the command line drops them."""
