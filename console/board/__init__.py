"""The operations board: modules, indicators, communes, the screen on the wall, the briefing."""
