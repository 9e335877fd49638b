package io.millrace.storefront.training;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Ranking: how likely a customer buys a candidate, from {@link RankerColumn}s. */
interface Ranker extends AutoCloseable {

    String NAME = "storefront-ranker";

    /** The one input of the served model. */
    String INPUT = "x";

    int WIDTH = RankerColumn.ALL.size();

    /** The probability of each row; rows have {@link #WIDTH} numbers. */
    float[] score(float[] x);

    /** The model file: rows in, probabilities out. */
    byte[] toOnnx();

    /** What it has learnt. */
    byte[] state();

    @Override
    void close();

    /** The ranker as it is served. */
    default Model export() {
        String columns = RankerColumn.ALL.stream()
                .map(column -> "      - {from: %s, default: 0}".formatted(column.from()))
                .collect(Collectors.joining("\n"));
        return new Model(NAME, toOnnx(), """
                platform: onnx_onnxv1
                max_batch_size: 512
                max_queue_delay: 0us
                max_queue_rows: 8192
                instances: 1
                inputs:
                  - name: %s
                    datatype: FP32
                    columns:
                %s
                outputs: [{name: score, datatype: FP32}]
                """.formatted(INPUT, columns).getBytes(StandardCharsets.UTF_8));
    }
}
