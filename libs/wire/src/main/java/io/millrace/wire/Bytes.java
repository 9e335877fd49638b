package io.millrace.wire;

import java.nio.ByteBuffer;

/** Copies bytes out of a buffer that its owner will use again. */
final class Bytes {

    private Bytes() {}

    static byte[] of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
