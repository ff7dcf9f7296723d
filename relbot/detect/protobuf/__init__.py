"""The detector `protobuf`."""
