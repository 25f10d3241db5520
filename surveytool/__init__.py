"""surveytool: weighted survey tables with design-based inference."""
