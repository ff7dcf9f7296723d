"""Other tools as detectors: what they say of both sides of a change set becomes evidence. A tool is asked where rules name it."""
