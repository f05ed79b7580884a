"""The shop: a marketplace with search, filters, product pages, a cart and a wish list."""
