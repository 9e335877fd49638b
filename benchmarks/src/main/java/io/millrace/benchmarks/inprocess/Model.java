package io.millrace.benchmarks.inprocess;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The newest version of a model in the repository, run by ONNX Runtime as inference-service runs it, on one thread. */
final class Model implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<?, ?> input;

    /** @param folder the model's */
    Model(Path folder) throws IOException, OrtException {
        Path newest;
        try (var versions = Files.list(folder)) {
            newest = versions.filter(each -> each.getFileName().toString().matches("\\d+"))
                    .max((a, b) -> Integer.compare(number(a), number(b)))
                    .orElseThrow(() -> new IOException(folder + " has no version"));
        }
        Map<?, ?> definition =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(newest.resolve("model.yaml")));
        input = (Map<?, ?>) ((List<?>) at(definition, "inputs")).getFirst();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            session = environment.createSession(newest.resolve("model.onnx").toString(), options);
        }
    }

    private static Object at(Map<?, ?> map, String key) {
        return Objects.requireNonNull(map.get(key), () -> "model.yaml has no " + key);
    }

    private static int number(Path version) {
        return Integer.parseInt(version.getFileName().toString());
    }

    /**
     * A column of its input.
     *
     * @param step {@code customer}, {@code items} or {@code candidates}
     */
    record Column(String step, String name, float missing) {}

    List<Column> columns() {
        var columns = new ArrayList<Column>();
        for (Object each : (List<?>) at(input, "columns")) {
            var column = (Map<?, ?>) each;
            String[] from = at(column, "from").toString().split("\\.", 2);
            columns.add(new Column(from[0], from[1], ((Number) at(column, "default")).floatValue()));
        }
        return columns;
    }

    /** How many texts a row of its input has. */
    int width() {
        return (Integer) at(input, "width");
    }

    float[][] run(float[][] rows) throws OrtException {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, rows)) {
            return run(tensor);
        }
    }

    float[][] run(String[][] rows) throws OrtException {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, rows)) {
            return run(tensor);
        }
    }

    private float[][] run(OnnxTensor tensor) throws OrtException {
        String name = session.getInputNames().iterator().next();
        try (OrtSession.Result result = session.run(Map.of(name, tensor))) {
            return switch (result.get(0).getValue()) {
                case float[][] rows -> rows;
                case float[] scores -> new float[][] {scores};
                default -> throw new IllegalStateException("the model gives no floats");
            };
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
