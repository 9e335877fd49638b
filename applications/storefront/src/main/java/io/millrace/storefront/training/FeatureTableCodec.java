package io.millrace.storefront.training;

import io.millrace.storefront.training.FeatureTable.Column;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Feature tables as bytes. Each text is written once, and a list is the numbers of its texts. */
final class FeatureTableCodec {

    private FeatureTableCodec() {}

    static byte[] encode(FeatureTable table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeInt(table.columns().size());
            for (Map.Entry<String, Column> column : table.columns().entrySet()) {
                out.writeUTF(column.getKey());
                switch (column.getValue()) {
                    case Column.Numbers(float[] values) -> {
                        out.writeBoolean(false);
                        NamedArrays.write(out, values);
                    }
                    case Column.Texts(List<List<String>> values) -> {
                        out.writeBoolean(true);
                        write(out, values);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written to", e);
        }
        return bytes.toByteArray();
    }

    static FeatureTable decode(byte[] bytes) {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                columns.put(
                        name, in.readBoolean() ? new Column.Texts(read(in)) : new Column.Numbers(NamedArrays.read(in)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("this is no feature table: " + e.getMessage(), e);
        }
        return new FeatureTable(columns);
    }

    private static void write(DataOutputStream out, List<List<String>> lists) throws IOException {
        Vocabulary texts = new Vocabulary();
        lists.forEach(list -> list.forEach(texts::add));
        out.writeInt(texts.size());
        for (String text : texts.ids()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        out.writeInt(lists.size());
        for (List<String> list : lists) {
            out.writeInt(list.size());
            for (String text : list) {
                out.writeInt(texts.find(text));
            }
        }
    }

    private static List<List<String>> read(DataInputStream in) throws IOException {
        String[] texts = new String[in.readInt()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }
        List<List<String>> lists = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String[] list = new String[in.readInt()];
            for (int j = 0; j < list.length; j++) {
                list[j] = texts[in.readInt()];
            }
            lists.add(List.of(list));
        }
        return lists;
    }
}
