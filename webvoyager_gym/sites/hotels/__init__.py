"""A hotel booking site: search by town and dates, hotels with rooms, bookings, saved hotels, reviews, settings."""
