"""Sets of packets: arithmetic on addresses, ports and ICMP types. Knows nothing of clouds."""
