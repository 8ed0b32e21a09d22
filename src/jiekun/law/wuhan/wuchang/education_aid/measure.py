"""The seven groups of pupils the district helps."""

from jiekun.kernel import rule


@rule(cites="W22-2.3", label="可以得到教育救助")
def education_aid_eligible(
    school_stage: str,
    poverty_file: str,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
    unsupported_entitled: bool,
    martyr_child: bool,
    disability_cert_valid: bool,
    education_aid_recognised: bool,
) -> bool:
    """Enrolled pupils, lessons at home included; the last group is the education office's own."""
    return school_stage != "none" and (
        poverty_file == "out"
        or dibao_person
        or tekun_entitled
        or orphan_entitled
        or unsupported_entitled
        or martyr_child
        or disability_cert_valid
        or education_aid_recognised
    )
