"""Legacy Vietnamese encodings: TCVN3, VNI, VISCII, VPS and windows-1258."""
