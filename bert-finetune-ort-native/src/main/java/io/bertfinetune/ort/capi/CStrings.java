package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Text and arrays of text as C wants them. */
final class CStrings {
    private CStrings() {}

    /** A text in UTF-8, ended by a zero. */
    static Memory of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    /** Texts one behind the other, and before them an array that points at each. */
    static Memory arrayOf(Collection<String> texts) {
        long head = (long) texts.size() * Native.POINTER_SIZE;
        byte[][] bytes = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        long size = head;
        for (byte[] each : bytes) {
            size += each.length + 1L;
        }
        Memory memory = new Memory(Math.max(size, 1));
        long at = head;
        for (int i = 0; i < bytes.length; i++) {
            memory.setPointer((long) i * Native.POINTER_SIZE, memory.share(at));
            memory.write(at, bytes[i], 0, bytes[i].length);
            memory.setByte(at + bytes[i].length, (byte) 0);
            at += bytes[i].length + 1L;
        }
        return memory;
    }

    /** Pointers as an array. */
    static Memory arrayOf(Pointer... pointers) {
        Memory memory = new Memory(Math.max((long) pointers.length * Native.POINTER_SIZE, 1));
        for (int i = 0; i < pointers.length; i++) {
            memory.setPointer((long) i * Native.POINTER_SIZE, pointers[i]);
        }
        return memory;
    }
}
