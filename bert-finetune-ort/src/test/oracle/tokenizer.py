"""golden/tokenizer.json: what the Rust tokenizers library makes of many texts with the tokenizer of tiny_bert.

Offsets count UTF-16 code units, as Java does. And what transformers makes of an added_tokens.json beside its vocab.txt.
"""
import json
import shutil
import tempfile
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoTokenizer

from common import GOLDEN, TINY, save_json

MAX_LENGTH = 16

TEXTS = [
    # ordinary
    "Hello, world!",
    "The quick brown fox jumps over the lazy dog.",
    "it's a dog-eat-dog world; don't you think?",
    "UPPER lower MiXeD",
    "one two  three   four",
    "a",
    "I",
    "unaffable",
    "antidisestablishmentarianism",
    "She said: \"never again\" (and meant it).",
    "state-of-the-art, well-known, e.g. this one",
    "...",
    "?!?!",
    "a.b.c.d",
    "snake_case camelCase kebab-case",
    "`code` ~tilde~ ^caret^ <tag> {brace} [bracket] |pipe|",
    "\u2018single\u2019 \u201cdouble\u201d \u2014 \u2013 \u2026",
    "\u00a3100 \u20ac50 $20 \u00a57",
    "100% & more @ home #1 *",
    # empty and white space
    "",
    " ",
    "     ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\u2003\u2009",
    "\u2028\u2029",
    " leading",
    "trailing ",
    "tab\tbetween",
    "line\nbreak\r\nand another",
    "no\u00a0break",
    "wide\u3000space",
    # accents and case
    "caf\u00e9",
    "cafe\u0301",
    "na\u00efve r\u00e9sum\u00e9 co\u00f6perate",
    "\u00c5ngstr\u00f6m \u00c6sir \u00d8re",
    "Stra\u00dfe",
    "\u1e9e",
    "\u0130stanbul \u0131",
    "I\u0307",
    "\u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2",
    "\u03a3\u0391\u03a3",
    "\u041c\u043e\u0441\u043a\u0432\u0430 \u0438 \u0439\u043e\u0433\u0430",
    "Ti\u1ebfng Vi\u1ec7t",
    "a\u0301\u0302\u0303\u0304b",
    "\u0301",
    "\ufb01sh \ufb02at",
    "\u01c4 \u01c5 \u01c6",
    "\uff21\uff22\uff23 \uff11\uff12\uff13",
    "\u2460 \u00bd x\u00b2",
    # East Asia
    "\u4f60\u597d",
    "\u6211\u7231Python\u7f16\u7a0b",
    "\u6771\u4eac\u30bf\u30ef\u30fc\u306f\u9ad8\u3044\u3002",
    "\u3053\u3093\u306b\u3061\u306f",
    "\u304c\u304e\u3050",
    "\u30ab\u3099",
    "\ud55c\uad6d\uc5b4",
    "\u1112\u1161\u11ab",
    "\U00020000\U0002a6d6x",
    "a\u4e00b",
    # right to left
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\u200fabc\u200e \u202eright\u202c",
    # other scripts
    "\u0928\u092e\u0938\u094d\u0924\u0947",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "\u10d2\u10d0\u10db\u10d0\u10e0\u10ef\u10dd\u10d1\u10d0",
    # emoji
    "\U0001f600",
    "good \U0001f44d\U0001f3fd job",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 here",
    "\U0001f3f3\ufe0f\u200d\U0001f308 flag",
    "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7",
    "\u2764\ufe0f heart",
    "a\U0001f600b\U0001f600c",
    "1\ufe0f\u20e3",
    "\U0001d504\U0001d52b math",
    # control and format characters
    "\u0000",
    "a\u0000b",
    "\u0000 hello \u0000",
    "bell\u0007 and \u001b[31mred",
    "del\u007fete \u0080\u009f",
    "re\ufffdplace",
    "zero\u200bwidth\u200cjoin\u200der",
    "soft\u00adhyphen",
    "\ufeffmark",
    "\ue000private",
    "\uffff\ufffe",
    "\U0010ffff",
    # special tokens in the text
    "[SEP]",
    "a [SEP] b",
    "The capital is [MASK].",
    "[MASK][MASK]",
    "[CLS] twice [CLS]",
    "[PAD] [UNK]",
    "[sep] [Mask]",
    "x[SEP]y",
    " [MASK] ",
    "[ MASK ]",
    "[SEP",
    "\u00e9[MASK]\U0001f600[SEP]",
    "##ing ##",
    # long words
    "a" * 100,
    "a" * 101,
    "a" * 300,
    "word " + "xy" * 60 + " word",
    "\u00e9" * 100,
    "e\u0301" * 60,
    "\U0001f600" * 101,
    "." * 101,
    "\u4e00" * 101,
    # addresses and numbers
    "https://www.example.org/a/b?c=d&e=%20f#g",
    "mail me: first.last+tag@example.org",
    "C:\\path\\to\\file.txt",
    "192.168.0.1:8080",
    "3.14159 -2e10 1,000,000.00",
    "2024-02-29T23:59:60Z",
    "12345678901234567890",
    "\u0661\u0662\u0663 \u0967\u0968\u0969",
    "v1.2.3-rc.4+build5",
]

PAIRS = [
    ("Who wrote it?", "She did."),
    ("", ""),
    ("", "only the second"),
    ("only the first", ""),
    (" ", " "),
    ("caf\u00e9", "\U0001f600 caf\u00e9"),
    ("a [SEP] b", "c [SEP] d"),
    ("[MASK]", "[CLS]"),
    ("\u4f60\u597d", "hello"),
    ("\u05e9\u05dc\u05d5\u05dd", "peace"),
    ("same", "same"),
    ("\u0000", "nul"),
    ("first line\nsecond line", "third\tline"),
    ("Is it 10%?", "No, 12.5%."),
]

CUT_TEXTS = [
    "The quick brown fox jumps over the lazy dog and runs away from the angry farmer.",
    "\U0001f600 " * 20,
    "caf\u00e9 " * 10,
    "short",
    "",
    "a b c d e f g h i j k l m n",
    "a b c d e f g h i j k l m n o",
    "[SEP] " * 20,
]

CUT_PAIRS = [
    ("a b c", "d e f g h i j k l m n o p q r s t"),
    ("a b c d e f g h i j k l m n o p", "q r s"),
    ("a b c d e f g h i j k l", "m n o p q r s t u v w x"),
    ("a b c d e f g h i j k l m", "n o p q r s t u v w x y"),
    ("a b c d e f g h i j k l", "n o p q r s t u v w x y z"),
    ("a b c d e f", "g h i j k l m"),
    ("a b c d e f g", "h i j k l m"),
    ("a b c d e f g", "h i j k l m n"),
    ("", "a b c d e f g h i j k l m n o p"),
    ("a b c d e f g h i j k l m n o p", ""),
]


ADDED_TEXT = "a newword NEWWORD [E1] [e1] anewwords <m> the [MASK] end"

# Files beside vocab.txt, which has the ids 0 to 1123.
ADDED = [
    {"added_tokens.json": {"newword": 1124, "[E1]": 1125}},
    {"added_tokens.json": {"newword": 2000, "[E1]": 1500}},
    {"added_tokens.json": {"newword": 5, "[E1]": 1125}},
    {"added_tokens.json": {"the": 1124, "[E1]": 1125}},
    {"added_tokens.json": {"<m>": 1124}, "tokenizer_config.json": {"mask_token": "<m>"}},
    {"added_tokens.json": {"NewWord": 1124}, "tokenizer_config.json": {"do_lower_case": False}},
    {"added_tokens.json": {"newword": 1124}, "tokenizer_config.json": {"added_tokens_decoder": {
        "1124": {"content": "[E1]", "special": False, "normalized": True, "lstrip": False, "rstrip": False,
                 "single_word": False}}}},
    {"added_tokens.json": {"newword": 1124}, "tokenizer_config.json": {"added_tokens_decoder": {}}},
]


def added_case(files):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ["vocab.txt", "config.json"]:
            shutil.copy(TINY / file, folder)
        for file, content in files.items():
            (folder / file).write_text(json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(name)
    ids = tokenizer(ADDED_TEXT)["input_ids"]
    return {
        "files": files,
        "text": ADDED_TEXT,
        "input_ids": ids,
        "without_special": tokenizer.decode(ids, skip_special_tokens=True),
    }


def utf16_positions(text):
    """Position in UTF-16 code units of every code point, and of the end."""
    positions = [0]
    for character in text:
        positions.append(positions[-1] + (2 if ord(character) > 0xFFFF else 1))
    return positions


def case(tokenizer, text, pair, max_length):
    encoding = tokenizer.encode(text) if pair is None else tokenizer.encode(text, pair)
    positions = [utf16_positions(text), utf16_positions(pair or "")]
    offsets = [
        [positions[sequence or 0][start], positions[sequence or 0][end]]
        for sequence, (start, end) in zip(encoding.sequence_ids, encoding.offsets)
    ]
    return {
        "text": text,
        "pair": pair,
        "max_length": max_length,
        "input_ids": encoding.ids,
        "token_type_ids": encoding.type_ids,
        "attention_mask": encoding.attention_mask,
        "tokens": encoding.tokens,
        "offsets": offsets,
        "sequence_ids": encoding.sequence_ids,
        "word_ids": encoding.word_ids,
    }


def main():
    whole = Tokenizer.from_file(str(TINY / "tokenizer.json"))
    whole.no_padding()
    whole.no_truncation()
    cut = Tokenizer.from_file(str(TINY / "tokenizer.json"))
    cut.no_padding()
    cut.enable_truncation(MAX_LENGTH, strategy="longest_first")

    cases = [case(whole, text, None, None) for text in TEXTS]
    cases += [case(whole, text, pair, None) for text, pair in PAIRS]
    cases += [case(cut, text, None, MAX_LENGTH) for text in CUT_TEXTS]
    cases += [case(cut, text, pair, MAX_LENGTH) for text, pair in CUT_PAIRS]
    print(len(cases), "cases")
    save_json(GOLDEN / "tokenizer.json", {
        "made_by": "src/test/oracle/tokenizer.py",
        "tokenizer": "tiny_bert/tokenizer.json",
        "cases": cases,
        "added_tokens": [added_case(files) for files in ADDED],
    })


if __name__ == "__main__":
    main()
