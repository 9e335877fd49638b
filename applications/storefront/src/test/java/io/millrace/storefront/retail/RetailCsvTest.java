package io.millrace.storefront.retail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetailCsvTest {

    private static final String HEADING =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    @Test
    void readsAnInvoiceLine() throws IOException {
        assertThat(rows("536365,85123A, WHITE HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"))
                .containsExactly(new RetailCsv.Row.Good(new RetailLine(
                        2,
                        "536365",
                        "85123A",
                        "WHITE HEART",
                        6,
                        Instant.parse("2010-12-01T08:26:00Z"),
                        2.55,
                        "17850")));
    }

    @Test
    void readsCommasAndQuotesInsideQuotes() throws IOException {
        assertThat(rows("1,A,\"RECORD FRAME 7\"\" SIZE, BLUE\",1,2010-12-01 12:27:00,2.1,,France"))
                .singleElement()
                .isInstanceOfSatisfying(RetailCsv.Row.Good.class, row -> {
                    assertThat(row.line().description()).isEqualTo("RECORD FRAME 7\" SIZE, BLUE");
                    assertThat(row.line().anonymous()).isTrue();
                });
    }

    @Test
    void namesTheLineThatIsMalformedAndGoesOn() throws IOException {
        List<RetailCsv.Row> rows = rows("1,A,B,1,2010-12-01 12:27:00,2.1,1.0,UK\n"
                + "1,A,B,many,2010-12-01 12:27:00,2.1,1.0,UK\n"
                + "broken\n"
                + "1,A,B,1,yesterday,2.1,1.0,UK\n"
                + "1,A,B,1,2010-12-01 12:27:00,2.1,1.0,UK");

        assertThat(rows).hasSize(5);
        assertThat(rows.subList(1, 4))
                .allSatisfy(row -> assertThat(row).isInstanceOf(RetailCsv.Row.Malformed.class))
                .extracting(row -> ((RetailCsv.Row.Malformed) row).number())
                .containsExactly(3L, 4L, 5L);
        assertThat(rows.getLast()).isInstanceOf(RetailCsv.Row.Good.class);
    }

    @Test
    void refusesAnotherFile() {
        assertThatThrownBy(() -> RetailCsv.read(new BufferedReader(new StringReader("a,b\n1,2"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("InvoiceNo,StockCode");
    }

    @Test
    void readsPlainAndGzippedFiles(@TempDir Path folder) throws IOException {
        byte[] text = (HEADING + "1,A,B,1,2010-12-01 12:27:00,2.1,1.0,UK").getBytes(StandardCharsets.UTF_8);
        Path plain = Files.write(folder.resolve("plain.csv"), text);
        Path zipped = folder.resolve("zipped.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(text);
        }

        try (RetailCsv one = RetailCsv.open(plain);
                RetailCsv other = RetailCsv.open(zipped)) {
            assertThat(one.next()).isNotNull().isEqualTo(other.next());
            assertThat(one.next()).isNull();
        }
    }

    private static List<RetailCsv.Row> rows(String lines) throws IOException {
        List<RetailCsv.Row> rows = new ArrayList<>();
        try (RetailCsv csv = RetailCsv.read(new BufferedReader(new StringReader(HEADING + lines)))) {
            for (RetailCsv.Row row = csv.next(); row != null; row = csv.next()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
