"""Product pictures: one line drawing a noun, painted in the custom property --c, so that a page can recolour it.

Classes: m is the product's colour, d and l a darker and a lighter shade of it, k dark parts, g metal, w highlights,
o an open line in the product's colour. The canvas is 120 by 100.
"""

from __future__ import annotations

from markupsafe import Markup

from webvoyager_gym.sites.shop.world import COLOURS

_DRAWINGS = {
    "Kettle": (
        '<path class="o" d="M40 40C40 14 84 14 84 40" stroke-width="5"/>'
        '<path class="d" d="M86 58l20-14 4 6-20 26z"/>'
        '<path class="m" d="M30 84c-4-26 4-46 32-46s36 20 32 46c-1 5-63 5-64 0z"/>'
        '<path class="w" d="M38 78c-2-16 1-28 10-33-5 9-6 20-4 33z"/>'
        '<ellipse class="d" cx="62" cy="39" rx="17" ry="4"/><circle class="k" cx="62" cy="33" r="4"/>'
    ),
    "Mug": (
        '<path class="o" d="M78 40c24-6 26 30 0 28" stroke-width="8"/>'
        '<path class="m" d="M32 24h48v56c0 10-48 10-48 0z"/>'
        '<ellipse class="d" cx="56" cy="24" rx="24" ry="6"/><path class="w" d="M38 34h6v44c-3-1-6-3-6-5z"/>'
    ),
    "Teapot": (
        '<path class="o" d="M34 46C8 38 8 78 36 74" stroke-width="6"/>'
        '<path class="d" d="M84 56c10 0 10-16 20-20l6 5c-8 8-8 34-26 36z"/>'
        '<path class="m" d="M28 60c0-34 64-34 64 0 0 34-64 34-64 0z"/>'
        '<path class="d" d="M44 36c4-10 28-10 32 0-6 4-26 4-32 0z"/><circle class="k" cx="60" cy="26" r="4"/>'
        '<path class="w" d="M36 64c-2-12 4-20 12-22-6 6-8 14-6 24z"/>'
    ),
    "Frying Pan": (
        '<path class="k" d="M74 56l38-24 5 7-38 26z"/><ellipse class="d" cx="48" cy="62" rx="40" ry="25"/>'
        '<ellipse class="m" cx="48" cy="58" rx="40" ry="25"/>'
        '<ellipse class="k" cx="48" cy="59" rx="32" ry="19"/>'
        '<path class="w" d="M22 54c6-10 20-13 30-12-12 2-22 6-27 14z"/>'
    ),
    "Bowl": (
        '<path class="d" d="M46 80h28l4 8H42z"/><path class="m" d="M16 42h88c0 28-20 42-44 42S16 70 16 42z"/>'
        '<ellipse class="d" cx="60" cy="42" rx="44" ry="9"/>'
        '<ellipse class="l" cx="60" cy="44" rx="36" ry="5"/>'
        '<path class="w" d="M24 54h8c2 10 8 18 14 22-12-4-20-12-22-22z"/>'
    ),
    "Backpack": (
        '<path class="o" d="M48 20c0-16 24-16 24 0" stroke-width="5"/>'
        '<path class="m" d="M30 44c0-34 60-34 60 0v38c0 8-60 8-60 0z"/>'
        '<rect class="d" x="37" y="52" width="46" height="30" rx="6"/><path class="k" d="M37 60h46v3H37z"/>'
        '<rect class="g" x="57" y="59" width="6" height="9" rx="2"/>'
        '<path class="d" d="M30 50l-8 4v24l8 4zM90 50l8 4v24l-8 4z"/><path class="k" d="M44 34h32v3H44z"/>'
    ),
    "Tote": (
        '<path class="o" d="M40 42C38 8 82 8 80 42" stroke-width="4"/>'
        '<path class="m" d="M26 38h68l6 50H20z"/><path class="d" d="M26 38h68l1 8H25z"/>'
        '<path class="l" d="M46 58h28v18H46z"/><path class="w" d="M30 50h5l-3 34h-6z"/>'
    ),
    "Wallet": (
        '<path class="l" d="M26 26h62v14H26z"/><rect class="m" x="18" y="32" width="84" height="52" rx="7"/>'
        '<path class="d" d="M72 48h30v22H72c-14 0-14-22 0-22z"/><circle class="g" cx="74" cy="59" r="4"/>'
        '<path class="w" d="M24 38h40v3H24z"/>'
    ),
    "Suitcase": (
        '<path class="g" d="M46 6h28v5H51v12h-5zM69 8h5v15h-5z"/>'
        '<rect class="m" x="26" y="20" width="68" height="66" rx="8"/>'
        '<path class="d" d="M38 22h5v62h-5zM57 22h5v62h-5zM77 22h5v62h-5z"/>'
        '<rect class="k" x="32" y="86" width="10" height="6" rx="2"/>'
        '<rect class="k" x="78" y="86" width="10" height="6" rx="2"/>'
        '<rect class="w" x="30" y="28" width="4" height="48" rx="2"/>'
    ),
    "Satchel": (
        '<path class="o" d="M26 40C26 2 94 2 94 40" stroke-width="4"/>'
        '<rect class="m" x="20" y="36" width="80" height="50" rx="6"/>'
        '<path class="d" d="M20 36h80v22c0 10-80 10-80 0z"/>'
        '<path class="k" d="M38 50h7v24h-7zM75 50h7v24h-7z"/>'
        '<path class="g" d="M36 64h11v5H36zM73 64h11v5H73z"/>'
    ),
    "Jacket": (
        '<path class="d" d="M38 20l-22 12-6 50 16 3 6-32zM82 20l22 12 6 50-16 3-6-32z"/>'
        '<path class="m" d="M40 16h40l10 14-2 58H32l-2-58z"/><path class="l" d="M46 14l14 16 14-16-6-4H52z"/>'
        '<path class="k" d="M59 30h2v58h-2z"/><path class="d" d="M38 62h14v4H38zM68 62h14v4H68z"/>'
    ),
    "Scarf": (
        '<path class="d" d="M64 44l24 42-16 6-22-42z"/>'
        '<path class="m" d="M30 22c14 12 46 12 60 0l4 16c-18 14-50 14-68 0z"/>'
        '<path class="m" d="M38 42l18 4-10 46-18-4z"/>'
        '<path class="l" d="M34 64l18 4-2 7-18-4zM31 78l18 4-1 6-18-4z"/>'
        '<path class="l" d="M78 74l-15 6 2 5 16-6z"/>'
    ),
    "Sweater": (
        '<path class="d" d="M38 22l-20 14-8 46 14 3 10-30zM82 22l20 14 8 46-14 3-10-30z"/>'
        '<path class="m" d="M40 18h40l10 16-3 52H33l-3-52z"/>'
        '<path class="d" d="M46 18c4 10 24 10 28 0l-3-4H49z"/>'
        '<path class="l" d="M32 46h56v5H32zM32 56h56v3H32z"/><path class="d" d="M33 81h54v6H33z"/>'
    ),
    "Shirt": (
        '<path class="m" d="M40 18L14 34l8 18 12-6v42h52V46l12 6 8-18-26-16z"/>'
        '<path class="l" d="M44 16l16 16 16-16-5-5H49z"/><path class="d" d="M59 32h2v56h-2z"/>'
        '<circle class="k" cx="60" cy="44" r="1.6"/><circle class="k" cx="60" cy="58" r="1.6"/>'
        '<circle class="k" cx="60" cy="72" r="1.6"/>'
        '<rect class="d" x="68" y="44" width="12" height="13" rx="2"/>'
    ),
    "Beanie": (
        '<circle class="l" cx="60" cy="17" r="11"/><path class="m" d="M24 68c-2-60 74-60 72 0z"/>'
        '<path class="d" d="M42 30c-6 10-8 22-8 36h5c0-14 1-26 6-37zM78 30c6 10 8 22 8 36h-5c0-14-1-26-6-37z'
        'M57 24h6v42h-6z"/>'
        '<rect class="l" x="20" y="64" width="80" height="20" rx="7"/>'
    ),
    "Desk Lamp": (
        '<path class="g" d="M54 84L34 50l30-30 4 4-27 27 18 31z"/>'
        '<path class="m" d="M58 12l34 20-8 16-38-14c0-10 4-18 12-22z"/>'
        '<ellipse class="glow" cx="66" cy="43" rx="19" ry="6" transform="rotate(22 66 43)"/>'
        '<ellipse class="d" cx="58" cy="86" rx="26" ry="6"/>'
    ),
    "Floor Lamp": (
        '<path class="g" d="M58 36h4v50h-4z"/><path class="m" d="M42 8h36l12 34H30z"/>'
        '<path class="w" d="M46 12h6l-8 26h-8z"/><ellipse class="glow" cx="60" cy="42" rx="30" ry="4"/>'
        '<ellipse class="d" cx="60" cy="88" rx="22" ry="5"/>'
    ),
    "Lantern": (
        '<path class="o" d="M44 26c0-24 32-24 32 0" stroke-width="4"/>'
        '<path class="m" d="M40 24h40l6 12H34z"/><rect class="glow" x="38" y="36" width="44" height="42"/>'
        '<path class="d" d="M38 36h5v42h-5zM77 36h5v42h-5z"/><path class="k" d="M58 62h5v16h-5z"/>'
        '<path class="flame" d="M60 44c8 9 5 18 0 18s-8-9 0-18z"/><path class="m" d="M32 78h56v9H32z"/>'
    ),
    "Pendant": (
        '<path class="k" d="M59 0h2v30h-2z"/><path class="d" d="M52 26h16v9H52z"/>'
        '<path class="m" d="M52 34h16c26 6 34 24 36 38H16c2-14 10-32 36-38z"/>'
        '<ellipse class="glow" cx="60" cy="72" rx="44" ry="7"/>'
        '<path class="w" d="M28 64c4-12 10-18 18-22-8 8-11 14-12 22z"/>'
    ),
    "Candle": (
        '<path class="flame" d="M60 4c14 15 8 27 0 27S46 19 60 4z"/><path class="k" d="M59 27h2v12h-2z"/>'
        '<path class="m" d="M38 40h44v46H38z"/><ellipse class="l" cx="60" cy="40" rx="22" ry="5"/>'
        '<ellipse class="m" cx="60" cy="86" rx="22" ry="5"/><path class="w" d="M43 46h5v38h-5z"/>'
        '<rect class="l" x="46" y="56" width="28" height="18" rx="2"/>'
    ),
    "Headphones": (
        '<path class="o" d="M24 62C22 2 98 2 96 62" stroke-width="7"/>'
        '<rect class="d" x="14" y="50" width="14" height="34" rx="7"/>'
        '<rect class="d" x="92" y="50" width="14" height="34" rx="7"/>'
        '<rect class="m" x="22" y="46" width="18" height="42" rx="9"/>'
        '<rect class="m" x="80" y="46" width="18" height="42" rx="9"/>'
        '<path class="w" d="M27 54h4v26h-4zM85 54h4v26h-4z"/>'
    ),
    "Speaker": (
        '<rect class="m" x="34" y="10" width="52" height="78" rx="9"/>'
        '<circle class="k" cx="60" cy="62" r="19"/><circle class="d" cx="60" cy="62" r="12"/>'
        '<circle class="k" cx="60" cy="62" r="5"/><circle class="k" cx="60" cy="27" r="9"/>'
        '<circle class="d" cx="60" cy="27" r="4"/><path class="w" d="M38 18h3v60h-3z"/>'
    ),
    "Radio": (
        '<path class="g" d="M84 34L104 4l3 2-19 29z"/>'
        '<rect class="m" x="12" y="32" width="96" height="54" rx="8"/>'
        '<rect class="d" x="20" y="40" width="46" height="38" rx="4"/>'
        '<path class="l" d="M24 46h38v3H24zM24 53h38v3H24zM24 60h38v3H24zM24 67h38v3H24z"/>'
        '<rect class="w" x="73" y="41" width="28" height="11" rx="2"/>'
        '<circle class="k" cx="80" cy="67" r="7"/><circle class="k" cx="97" cy="67" r="5"/>'
    ),
    "Keyboard": (
        '<rect class="d" x="8" y="38" width="104" height="46" rx="7"/><rect class="m" x="8" y="34"'
        ' width="104" height="46" rx="7"/>'
        + "".join(
            f'<rect class="l" x="{14 + 9.5 * column:g}" y="{40 + 9 * row}" width="7.5" height="7" rx="1.5"/>'
            for row in range(3)
            for column in range(10)
        )
        + '<rect class="l" x="33" y="68" width="54" height="7" rx="1.5"/>'
    ),
    "Alarm Clock": (
        '<path class="k" d="M36 80l-8 10h7l8-7zM84 80l8 10h-7l-8-7z"/>'
        '<circle class="d" cx="32" cy="24" r="13"/><circle class="d" cx="88" cy="24" r="13"/>'
        '<circle class="m" cx="60" cy="54" r="36"/><circle class="face" cx="60" cy="54" r="27"/>'
        '<path class="k" d="M58.5 34h3v22h-3zM60 52.5h15v3H60z"/><circle class="k" cx="60" cy="54" r="3"/>'
    ),
    "Watering Can": (
        '<path class="o" d="M62 40c2-34 46-24 34 24" stroke-width="5"/>'
        '<path class="d" d="M46 66L22 32l6-4 26 26z"/><path class="d" d="M10 32l22-14 4 7-22 14z"/>'
        '<path class="m" d="M44 40h46l5 46H40z"/><path class="l" d="M43 52h49l1 6H42z"/>'
        '<path class="w" d="M48 62h5l-1 20h-6z"/>'
    ),
    "Planter": (
        '<path class="leaf" d="M58 48C40 46 30 30 32 12c18 4 28 18 28 36zM62 48c-2-22 8-36 26-40 4 20-8'
        ' 38-26 40zM58 50C48 36 52 16 61 4c9 14 10 32 1 46z"/>'
        '<path class="m" d="M30 50h60l-8 38H38z"/><path class="d" d="M26 44h68v11H26z"/>'
        '<path class="w" d="M38 60h6l4 24h-6z"/>'
    ),
    "Bench": (
        '<path class="k" d="M20 58h6v32h-6zM94 58h6v32h-6zM24 20h5v40h-5zM91 20h5v40h-5z"/>'
        '<rect class="m" x="12" y="18" width="96" height="10" rx="3"/>'
        '<rect class="m" x="12" y="33" width="96" height="10" rx="3"/><path class="m" d="M12 54h96l5 9H7z"/>'
        '<path class="d" d="M7 63h106v6H7z"/>'
    ),
    "Tent": (
        '<path class="d" d="M60 14l50 72H76z"/><path class="m" d="M60 14L10 86h66z"/>'
        '<path class="k" d="M60 14L42 86h32z" opacity=".75"/><path class="l" d="M60 14L42 86h9z"/>'
        '<path class="k" d="M4 85h112v3H4z"/>'
    ),
    "Hammock": (
        '<path class="k" d="M14 12h5v78h-5zM101 12h5v78h-5z"/>'
        '<path class="m" d="M18 34c14 54 70 54 84 0 4 20-14 46-42 46S14 54 18 34z"/>'
        '<path class="l" d="M24 46c14 36 58 36 72 0-6 24-18 28-36 28S30 70 24 46z"/>'
        '<path class="o" d="M17 26l8 22M103 26l-8 22" stroke-width="2"/>'
    ),
}


def drawing(noun: str, colour: str) -> Markup:
    """The picture of a product in one of its colours, as inline SVG. It has no accessible name."""
    return Markup(
        '<svg class="art" viewBox="0 0 120 100" aria-hidden="true" style="--c:{colour}">'
        '<ellipse class="shade" cx="60" cy="90" rx="44" ry="5"/>{drawing}</svg>'
    ).format(colour=COLOURS[colour], drawing=Markup(_DRAWINGS[noun]))
