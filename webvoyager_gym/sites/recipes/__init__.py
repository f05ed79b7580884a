"""A recipe site: dishes that scale with the servings, a recipe box, a shopping list and a meal plan."""
