"""Speed and weight, measured against a stated bound or peer: `bin/bench NAME`."""
