package io.millrace.inference.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.millrace.inference.model.GraphSignature;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An ONNX Runtime session, which all instances of the model share. */
record OnnxModel(OrtEnvironment environment, OrtSession session, ModelDefinition definition, GraphSignature graph)
        implements LoadedModel {

    /** Takes over the session: it is closed here if the graph cannot be served. */
    static OnnxModel of(OrtEnvironment environment, OrtSession session, ModelDefinition definition)
            throws RefusedModelException, OrtException {
        boolean taken = false;
        try {
            var model = new OnnxModel(environment, session, definition, graphOf(session));
            taken = true;
            return model;
        } finally {
            if (!taken) {
                session.close();
            }
        }
    }

    private static GraphSignature graphOf(OrtSession session) throws RefusedModelException, OrtException {
        List<TensorSpec> inputs = new ArrayList<>();
        for (NodeInfo input : session.getInputInfo().values()) {
            inputs.add(OnnxDatatypes.spec(input)
                    .filter(spec -> OnnxDatatypes.canBeInput(spec.datatype()))
                    .orElseThrow(() -> new RefusedModelException("the graph's input \"%s\" is %s, which is not served"
                            .formatted(input.getName(), input.getInfo()))));
        }
        // Other outputs may be anything: only declared ones are asked for.
        List<TensorSpec> outputs = session.getOutputInfo().values().stream()
                .map(OnnxDatatypes::spec)
                .flatMap(Optional::stream)
                .toList();
        return new GraphSignature(inputs, outputs);
    }

    @Override
    public ModelInstance newInstance() {
        return new OnnxInstance(environment, session, definition);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the session was not freed", e);
        }
        NativeHeap.trim();
    }
}
