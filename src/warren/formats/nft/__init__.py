"""nftables as a typed language: values, their text for `nft -f`, and the way back from `nft -j`.

In: values of `model`, JSON of the kernel's rules. Out: text of one transaction, values. Never: runs nft.
"""
