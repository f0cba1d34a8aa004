"""nftables as a typed language: values, their text for `nft -f`, and the way back from `nft -j`.

In: values of `model`, JSON of the kernel's rules. Out: text of one transaction, values, differences. Never: runs nft.
"""

from warren.formats.nft import diff as diff
from warren.formats.nft import model as model
from warren.formats.nft import read as read
from warren.formats.nft import write as write
