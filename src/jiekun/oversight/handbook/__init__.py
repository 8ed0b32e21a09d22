"""The handbook of assistance (政策工具书), written from the law alone for three readers."""
