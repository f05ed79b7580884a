"""Halden, a maker of phones, tablets, laptops, watches and headphones: a showcase, a configurator, a bag and stores."""
