package io.millrace.vector.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.wire.Point;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LuceneVectorIndexTest extends VectorIndexContract {

    private static final int EXACT_UP_TO = 3_000;

    @Override
    VectorIndex open(Path folder, Schema schema, Map<String, String> initialMarks) {
        return new LuceneEngine(EXACT_UP_TO, 100).open(folder, schema, initialMarks);
    }

    @Test
    void comparesAllWhereFewMatchAndWalksTheGraphWhereManyDo() {
        VectorIndex index = filled(Distance.DOT).index();
        assertThat(search(index, query(vector(1), 10)).plan()).isEqualTo(Hits.Plan.HNSW);
        assertThat(search(index, query(vector(1), 10, cheaperThan(0.5))).plan()).isEqualTo(Hits.Plan.HNSW);
        assertThat(search(index, query(vector(1), 10, cheaperThan(0.1))).plan()).isEqualTo(Hits.Plan.EXACT);
    }

    @Test
    void aDamagedIndexIsMadeAgain() throws IOException {
        try (VectorIndex index = open()) {
            fill(index, 10);
            index.commit(Map.of("partition.0", "10"));
        }
        try (var files = Files.list(folder)) {
            for (Path segments : files.filter(
                            file -> file.getFileName().toString().startsWith("segments_"))
                    .toList()) {
                byte[] bytes = Files.readAllBytes(segments);
                bytes[bytes.length / 2] ^= 1;
                Files.write(segments, bytes);
            }
        }
        try (VectorIndex index = open()) {
            assertThat(index.points()).isZero();
            assertThat(index.marks()).doesNotContainKey("partition.0");
        }
    }

    /** The ground truth was computed exactly, by the data's owners; see data/README.md beside the repository. */
    @Test
    void findsTheNeighboursOfSiftVectors() throws IOException {
        Path sift = repository().resolve("../shared/data/sift5k").normalize();
        assumeTrue(Files.isDirectory(sift), "SKIPPED: needs the SIFT vectors in ../shared/data/sift5k");
        List<float[]> vectors = new ArrayList<>();
        try (var lines = Files.lines(sift.resolve("sift-dataset-5k.tsv"))) {
            lines.forEach(line -> {
                String[] columns = line.split("\t");
                float[] vector = new float[128];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = Float.parseFloat(columns[i]);
                }
                vectors.add(vector);
            });
        }
        ByteBuffer truth = ByteBuffer.wrap(
                        Files.readAllBytes(sift.resolve("groundtruth_l2_first4500base_last500query_top100.ivecs")))
                .order(ByteOrder.LITTLE_ENDIAN);
        try (VectorIndex index = open(folder, new Schema(128, Distance.L2, Map.of()), Map.of())) {
            for (int i = 0; i < 4_500; i++) {
                index.upsert(new Point("sift", "sift", Integer.toString(i), 1, vectors.get(i), Map.of()));
            }
            index.refresh();
            double recall = 0;
            for (int query = 0; query < 500; query++) {
                truth.position(query * (1 + 100) * Integer.BYTES + Integer.BYTES);
                List<String> nearest = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    nearest.add(Integer.toString(truth.getInt()));
                }
                Hits found = search(index, query(vectors.get(4_500 + query), 10));
                assertThat(found.plan()).isEqualTo(Hits.Plan.HNSW);
                recall += recall(found, nearest) / 500;
            }
            assertThat(recall).isGreaterThan(0.98);
        }
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw")) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Filter cheaperThan(double price) {
        return new Filter(List.of(new Filter.Range("price", null, null, price, null)), List.of());
    }
}
