package io.bertfinetune.data;

import io.bertfinetune.error.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;

/** Text from bytes. Bytes that are no text are an error that names the line, not a replacement character. */
final class LineReader extends Reader {
    /** U+FFFF, which Unicode promises never to make a character: no text holds it. */
    static final char NO_CHARACTER = '\uFFFF';

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();

    private boolean atEnd;
    private boolean atStart = true;
    private long line = 1;
    private char last;

    LineReader(String file, InputStream in, Charset charset) {
        this.file = file;
        this.in = in;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        CharBuffer chars = CharBuffer.wrap(target, offset, length);
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, atEnd);
            skipByteOrderMark(chars, offset);
            int count = chars.position() - offset;
            if (count > 0) {
                countLines(target, offset, count);
                return count;
            }
            if (result.isError()) {
                throw new DataException(
                        where() + "byte 0x" + String.format(Locale.ROOT, "%02X", bytes.get(bytes.position()))
                                + " is not " + decoder.charset() + " here; name the file's character set with"
                                + " CsvFormat.charset(…)");
            }
            if (atEnd) {
                return -1;
            }
            fill();
        }
    }

    private void skipByteOrderMark(CharBuffer chars, int offset) {
        if (atStart && chars.position() > offset) {
            atStart = false;
            if (chars.array()[offset] == BYTE_ORDER_MARK) {
                int end = chars.position();
                System.arraycopy(chars.array(), offset + 1, chars.array(), offset, end - offset - 1);
                chars.position(end - 1);
            }
        }
    }

    private void countLines(char[] target, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            char c = target[i];
            if (c == NO_CHARACTER) {
                throw new DataException(where() + "holds U+FFFF, which is no character");
            }
            if (c == '\r' || (c == '\n' && last != '\r')) {
                line++;
            }
            last = c;
        }
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            atEnd = true;
        } else {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
    }

    private String where() {
        return file + ":" + line + ": ";
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
