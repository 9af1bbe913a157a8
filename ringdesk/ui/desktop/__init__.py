"""What the platform gives or refuses: screens, the keyboard, the window manager, the one running instance."""
