package io.millrace.storefront.training;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays of numbers by name, as bytes: what a network has learnt. The numbers stay exactly what they are. */
final class NamedArrays {

    private NamedArrays() {}

    static byte[] encode(Map<String, float[]> arrays) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(arrays.size());
            for (Map.Entry<String, float[]> array : arrays.entrySet()) {
                out.writeUTF(array.getKey());
                write(out, array.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written to", e);
        }
        return bytes.toByteArray();
    }

    static Map<String, float[]> decode(byte[] bytes) {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                arrays.put(in.readUTF(), read(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("these are no arrays: " + e.getMessage(), e);
        }
        return arrays;
    }

    static void write(DataOutputStream out, float[] values) throws IOException {
        byte[] bytes = new byte[values.length * Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes);
    }

    static float[] read(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        byte[] bytes = new byte[values.length * Float.BYTES];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }
}
