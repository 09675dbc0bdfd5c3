"""x"""


def check(site):
    return []


class Finding:
    pass
