"""How people of a household stand to its head (GB/T 4761), and how that reads from a new head."""

from __future__ import annotations

from django.db import models


class Relation(models.TextChoices):
    """Two places: the first is the kind of relation, the second which one of it exactly."""

    HEAD = "02", "户主"
    SPOUSE = "10", "配偶"
    HUSBAND = "11", "丈夫"
    WIFE = "12", "妻子"
    SON = "20", "儿子"
    ONLY_SON = "21", "独生子"
    FIRST_SON = "22", "长子"
    SECOND_SON = "23", "次子"
    THIRD_SON = "24", "三子"
    FOURTH_SON = "25", "四子"
    FIFTH_SON = "26", "五子"
    ADOPTED_SON = "27", "养子或继子"
    SON_IN_LAW = "28", "女婿"
    OTHER_SON = "29", "其他儿子"
    DAUGHTER = "30", "女儿"
    ONLY_DAUGHTER = "31", "独生女"
    FIRST_DAUGHTER = "32", "长女"
    SECOND_DAUGHTER = "33", "次女"
    THIRD_DAUGHTER = "34", "三女"
    FOURTH_DAUGHTER = "35", "四女"
    FIFTH_DAUGHTER = "36", "五女"
    ADOPTED_DAUGHTER = "37", "养女或继女"
    DAUGHTER_IN_LAW = "38", "儿媳"
    OTHER_DAUGHTER = "39", "其他女儿"
    GRANDCHILD = "40", "孙辈"
    GRANDSON = "41", "孙子"
    GRANDDAUGHTER = "42", "孙女"
    DAUGHTERS_SON = "43", "外孙子"
    DAUGHTERS_DAUGHTER = "44", "外孙女"
    GRANDSONS_WIFE = "45", "孙媳"
    GRANDDAUGHTERS_HUSBAND = "46", "孙女婿"
    GREAT_GRANDSON = "47", "曾孙子"
    GREAT_GRANDDAUGHTER = "48", "曾孙女"
    OTHER_GRANDCHILD = "49", "其他孙辈"
    PARENT = "50", "父母"
    FATHER = "51", "父亲"
    MOTHER = "52", "母亲"
    HUSBANDS_FATHER = "53", "公公"
    HUSBANDS_MOTHER = "54", "婆婆"
    WIFES_FATHER = "55", "岳父"
    WIFES_MOTHER = "56", "岳母"
    STEPFATHER = "57", "继父或养父"
    STEPMOTHER = "58", "继母或养母"
    OTHER_PARENT = "59", "其他父母辈"
    GRANDPARENT = "60", "祖辈"
    GRANDFATHER = "61", "祖父"
    GRANDMOTHER = "62", "祖母"
    MOTHERS_FATHER = "63", "外祖父"
    MOTHERS_MOTHER = "64", "外祖母"
    SPOUSES_GRANDPARENT = "65", "配偶的祖辈"
    GREAT_GRANDFATHER = "66", "曾祖父"
    GREAT_GRANDMOTHER = "67", "曾祖母"
    OTHER_GRANDPARENT = "69", "其他祖辈"
    SIBLING = "70", "兄弟姐妹"
    ELDER_BROTHER = "71", "哥哥"
    ELDER_BROTHERS_WIFE = "72", "嫂子"
    YOUNGER_BROTHER = "73", "弟弟"
    YOUNGER_BROTHERS_WIFE = "74", "弟媳"
    ELDER_SISTER = "75", "姐姐"
    ELDER_SISTERS_HUSBAND = "76", "姐夫"
    YOUNGER_SISTER = "77", "妹妹"
    YOUNGER_SISTERS_HUSBAND = "78", "妹夫"
    OTHER_SIBLING = "79", "其他兄弟姐妹"
    NEPHEW = "93", "侄子"
    NIECE = "94", "侄女"
    SISTERS_SON = "95", "外甥"
    SISTERS_DAUGHTER = "96", "外甥女"
    RELATIVE = "97", "其他亲属"
    OTHER = "99", "非亲属"

    @property
    def group(self) -> Relation:
        """The kind of relation: of all sons and sons-in-law, son."""
        if self.value[0] == "9":
            return Relation.OTHER if self is Relation.OTHER else Relation.RELATIVE
        return Relation.HEAD if self is Relation.HEAD else Relation(f"{self.value[0]}0")


R = Relation
_Pair = tuple[Relation, Relation]
# By marriage or adoption the way back is not told by the code alone.
_INDIRECT = frozenset(("28", "38", "45", "46", "65", "72", "74", "76", "78", "79"))
_SPOUSES_PARENTS = frozenset(("53", "54", "55", "56"))
_CHILD, _GREAT_GRANDCHILD = (R.SON, R.DAUGHTER), (R.GREAT_GRANDSON, R.GREAT_GRANDDAUGHTER)
_PARENTS, _CHILDS_SPOUSE = (R.FATHER, R.MOTHER), (R.SON_IN_LAW, R.DAUGHTER_IN_LAW)
# (kind of the new head, kind of the person), both as seen by the old head: what the person is to
# the new one, for him and for her; None where it stays as it is.
_TURNED: dict[tuple[Relation, Relation], Relation | _Pair | None] = {
    (R.SPOUSE, R.HEAD): R.SPOUSE,
    (R.SPOUSE, R.SON): None,
    (R.SPOUSE, R.DAUGHTER): None,
    (R.SPOUSE, R.GRANDCHILD): None,
    (R.SPOUSE, R.GRANDPARENT): R.SPOUSES_GRANDPARENT,
    (R.SON, R.HEAD): _PARENTS,
    (R.SON, R.SPOUSE): _PARENTS,
    (R.SON, R.SON): R.SIBLING,
    (R.SON, R.DAUGHTER): R.SIBLING,
    (R.SON, R.PARENT): R.GRANDPARENT,
    (R.PARENT, R.HEAD): _CHILD,
    (R.PARENT, R.SPOUSE): _CHILDS_SPOUSE,
    (R.PARENT, R.SON): R.GRANDCHILD,
    (R.PARENT, R.DAUGHTER): R.GRANDCHILD,
    (R.PARENT, R.PARENT): R.SPOUSE,
    (R.PARENT, R.SIBLING): _CHILD,
    (R.PARENT, R.GRANDCHILD): _GREAT_GRANDCHILD,
    (R.SIBLING, R.HEAD): R.SIBLING,
    (R.SIBLING, R.SIBLING): R.SIBLING,
    (R.SIBLING, R.PARENT): None,
    (R.SIBLING, R.GRANDPARENT): None,
    (R.GRANDCHILD, R.HEAD): R.GRANDPARENT,
    (R.GRANDCHILD, R.SPOUSE): R.GRANDPARENT,
    (R.GRANDPARENT, R.HEAD): R.GRANDCHILD,
    (R.GRANDPARENT, R.SPOUSE): (R.GRANDDAUGHTERS_HUSBAND, R.GRANDSONS_WIFE),
    (R.GRANDPARENT, R.SON): _GREAT_GRANDCHILD,
    (R.GRANDPARENT, R.DAUGHTER): _GREAT_GRANDCHILD,
    (R.GRANDPARENT, R.SIBLING): R.GRANDCHILD,
}


def turned(person: Relation, new_head: Relation, *, sex: str, head_sex: str) -> Relation:
    """How somebody stands to a new head, told from how both stood to the old one.

    `sex` is the person's, `head_sex` the new head's. Where the codes do not tell, a relative is
    only that; an officer may say it better.
    """
    if Relation.OTHER in (person, new_head):
        return Relation.OTHER
    if new_head.group == Relation.SPOUSE and person.group == Relation.PARENT:
        return _parent_of_one(person, sex=sex, head_sex=head_sex)
    odd = {person.value, new_head.value} & (_INDIRECT | _SPOUSES_PARENTS)
    # A man's and a woman's children stand alike to everybody.
    kind = Relation.SON if new_head.group == Relation.DAUGHTER else new_head.group
    if odd or (kind, person.group) not in _TURNED:
        keeps = new_head.group == Relation.SPOUSE and person.group in _CHILD
        return person if keeps else Relation.RELATIVE
    told = _TURNED[kind, person.group]
    if told is None:
        return person
    return told[0 if sex == "male" else 1] if isinstance(told, tuple) else told


def _parent_of_one(person: Relation, *, sex: str, head_sex: str) -> Relation:
    """The old head's parents are the spouse's in-laws, and the other way round."""
    own = person.value in _SPOUSES_PARENTS
    hers = (Relation.HUSBANDS_FATHER, Relation.HUSBANDS_MOTHER)
    his = (Relation.WIFES_FATHER, Relation.WIFES_MOTHER)
    told = _PARENTS if own else (hers if head_sex == "female" else his)
    return told[0 if sex == "male" else 1]


_HIS = {11, *range(20, 30), 41, 43, 46, 47, 51, 53, 55, 57, 61, 63, 66, 71, 73, 76, 78, 93, 95}
_HERS = {12, *range(30, 40), 42, 44, 45, 48, 52, 54, 56, 58, 62, 64, 67, 72, 74, 75, 77, 94, 96}


def fits(relation: Relation, sex: str) -> bool:
    """Whether a person of this sex can stand so to somebody."""
    return int(relation.value) not in (_HERS if sex == "male" else _HIS)
