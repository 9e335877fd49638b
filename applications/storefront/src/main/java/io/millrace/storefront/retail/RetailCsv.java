package io.millrace.storefront.retail;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country}, plain or gzipped,
 * one line after the other. Fields may be quoted with {@code "}, a quote inside is doubled; no field spans lines.
 */
public final class RetailCsv implements AutoCloseable {

    /** What reading one line gives. */
    public sealed interface Row {

        record Good(RetailLine line) implements Row {}

        /** A line that is not an invoice line; the rest of the file is still good. */
        record Malformed(long number, String reason) implements Row {}
    }

    private static final String HEADING = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID";
    private static final int FIELDS = 8;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final BufferedReader reader;
    private long number;

    private RetailCsv(BufferedReader reader) {
        this.reader = reader;
    }

    /**
     * Opens a file and reads its heading.
     *
     * @throws IOException when it cannot be read or its heading is another one
     */
    public static RetailCsv open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        bytes.mark(2);
        int magic = bytes.read() << 8 | bytes.read();
        bytes.reset();
        InputStream plain = magic == GZIP_MAGIC ? new GZIPInputStream(bytes, 1 << 16) : bytes;
        return read(new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16));
    }

    static RetailCsv read(BufferedReader reader) throws IOException {
        RetailCsv csv = new RetailCsv(reader);
        String heading = reader.readLine();
        csv.number = 1;
        if (heading == null || !heading.startsWith(HEADING)) {
            throw new IOException("not an Online Retail file: its first line must begin with " + HEADING);
        }
        return csv;
    }

    /** The next row, or null at the end. */
    public @Nullable Row next() throws IOException {
        String line = reader.readLine();
        if (line == null) {
            return null;
        }
        number++;
        List<String> fields = split(line);
        if (fields.size() != FIELDS) {
            return new Row.Malformed(number, "it has %d fields, not %d".formatted(fields.size(), FIELDS));
        }
        if (fields.get(0).isBlank() || fields.get(1).isBlank()) {
            return new Row.Malformed(number, "it has no invoice number or no stock code");
        }
        try {
            return new Row.Good(new RetailLine(
                    number,
                    fields.get(0).strip(),
                    fields.get(1).strip(),
                    fields.get(2).strip(),
                    Long.parseLong(fields.get(3).strip()),
                    LocalDateTime.parse(fields.get(4).strip(), TIME).toInstant(ZoneOffset.UTC),
                    Double.parseDouble(fields.get(5).strip()),
                    withoutFraction(fields.get(6).strip())));
        } catch (NumberFormatException | DateTimeParseException e) {
            return new Row.Malformed(number, "it has a number or a date that is none: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Customer "17850.0" is 17850. */
    private static String withoutFraction(String customer) {
        return customer.endsWith(".0") ? customer.substring(0, customer.length() - 2) : customer;
    }

    private static List<String> split(String line) {
        List<String> fields = new ArrayList<>(FIELDS);
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                boolean doubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (doubled) {
                    field.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
