// A client of the Open Inference Protocol that has nothing of this project but the protocol's definition.
// Arguments: the .proto file, the address. It prints one line for each thing that it found to be so, and fails at the first that is not.
const assert = require('node:assert');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [definition, address] = process.argv.slice(2);
const loaded = grpc.loadPackageDefinition(loader.loadSync(definition, {keepCase: true, longs: String, defaults: true}));
const client = new loaded.inference.GRPCInferenceService(address, grpc.credentials.createInsecure());

const call = (method, message, options = {}) =>
  new Promise((resolve, reject) =>
    client[method](message, options, (error, answer) => (error ? reject(error) : resolve(answer))));

const refused = async (code, pattern, method, message, options) => {
  const error = await call(method, message, options).then(
    () => assert.fail(`${method} was answered`),
    (e) => e);
  assert.strictEqual(error.code, code, error.message);
  assert.match(error.details, pattern);
};

const floats = (...values) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes;
};

const dense = (extra = {}) => ({
  model_name: 'dense',
  inputs: [{name: 'x', datatype: 'FP32', shape: [2, 2]}],
  raw_input_contents: [floats(1, 2, 3, 4.5)],
  ...extra,
});

const checks = {
  'server is live, ready and lists its extensions': async () => {
    assert.strictEqual((await call('ServerLive', {})).live, true);
    assert.strictEqual((await call('ServerReady', {})).ready, true);
    assert.deepStrictEqual(
      (await call('ServerMetadata', {})).extensions,
      ['binary_tensor_data', 'model_repository', 'schedule_policy', 'statistics']);
  },
  'models are ready or not, by version': async () => {
    assert.strictEqual((await call('ModelReady', {name: 'dense'})).ready, true);
    assert.strictEqual((await call('ModelReady', {name: 'dense', version: '2'})).ready, true);
    assert.strictEqual((await call('ModelReady', {name: 'dense', version: '9'})).ready, false);
  },
  'metadata has names, types and shapes': async () => {
    const model = await call('ModelMetadata', {name: 'dense'});
    assert.strictEqual(model.platform, 'onnx_onnxv1');
    assert.deepStrictEqual(model.inputs, [{name: 'x', datatype: 'FP32', shape: ['-1', '2']}]);
    assert.deepStrictEqual(model.outputs, [{name: 'y', datatype: 'FP32', shape: ['-1', '1']}]);
  },
  'raw inputs are answered raw, with the id and the version': async () => {
    const answer = await call('ModelInfer', dense({id: 'a-1'}));
    assert.strictEqual(answer.id, 'a-1');
    assert.strictEqual(answer.model_version, '2');
    assert.deepStrictEqual(answer.outputs[0].shape, ['2', '1']);
    assert.deepStrictEqual(answer.raw_output_contents, [floats(6, 15)]);
  },
  'an explicit version answers': async () => {
    const answer = await call('ModelInfer', dense({model_version: '1'}));
    assert.strictEqual(answer.model_version, '1');
    assert.deepStrictEqual(answer.raw_output_contents, [floats(3, 7.5)]);
  },
  'typed inputs are answered typed, and requested outputs in their order': async () => {
    const answer = await call('ModelInfer', {
      model_name: 'tower',
      inputs: [{name: 'ids', datatype: 'BYTES', shape: [1, 2],
        contents: {bytes_contents: [Buffer.from('85123A'), Buffer.from('Größe')]}}],
      outputs: [{name: 'echo'}, {name: 'numbers'}],
    });
    assert.deepStrictEqual(answer.outputs.map((output) => output.name), ['echo', 'numbers']);
    assert.deepStrictEqual(
      answer.outputs[0].contents.bytes_contents.map((text) => text.toString()), ['85123A', 'Größe']);
    assert.deepStrictEqual(answer.outputs[1].contents.int64_contents, ['1', '2']);
    assert.deepStrictEqual(answer.raw_output_contents, []);
  },
  'every datatype that the engine takes comes back as it went': async () => {
    const values = {
      BOOL: '0100', UINT8: '01fe', INT8: '01fe', INT16: '0100feff', INT32: '01000000feffffff',
      INT64: '0100000000000000feffffffffffffff', FP16: '003e00c0', BF16: 'c03f00c0', FP32: '0000c03f000000c0',
      FP64: '000000000000f83f00000000000000c0', BYTES: '00000000070000004772c3b6c39f65',
    };
    for (const [datatype, hex] of Object.entries(values)) {
      const answer = await call('ModelInfer', {
        model_name: `echo-${datatype.toLowerCase()}`,
        inputs: [{name: 'x', datatype, shape: [1, 2]}],
        raw_input_contents: [Buffer.from(hex, 'hex')],
      });
      assert.strictEqual(answer.outputs[0].datatype, datatype);
      assert.strictEqual(answer.raw_output_contents[0].toString('hex'), hex, datatype);
    }
  },
  'priority and timeout are parameters': async () => {
    await call('ModelInfer', dense({parameters: {priority: {uint64_param: 1}, timeout: {int64_param: 5000000}}}));
    await refused(grpc.status.INVALID_ARGUMENT, /"timeout" is a whole number/, 'ModelInfer',
      dense({parameters: {timeout: {string_param: 'soon'}}}));
  },
  'refusals have their status': async () => {
    await refused(grpc.status.NOT_FOUND, /no model "absent"/, 'ModelInfer', dense({model_name: 'absent'}));
    await refused(grpc.status.INVALID_ARGUMENT, /needs 4 elements of 4 bytes, got 8 bytes/, 'ModelInfer',
      dense({raw_input_contents: [floats(1, 2)]}));
    await refused(grpc.status.INVALID_ARGUMENT, /no output "z"/, 'ModelInfer', dense({outputs: [{name: 'z'}]}));
    await refused(grpc.status.UNAVAILABLE, /was refused/, 'ModelInfer', dense({model_name: 'broken'}));
    await refused(grpc.status.DEADLINE_EXCEEDED, /./, 'ModelInfer', dense(), {deadline: Date.now() - 1});
  },
  'statistics count what was answered': async () => {
    const [model] = (await call('ModelStatistics', {name: 'dense', version: '1'})).model_stats;
    assert.strictEqual(model.inference_count, '2');
    assert.strictEqual(model.execution_count, '1');
  },
  'the repository has an index, and nobody loads without the key': async () => {
    const {models} = await call('RepositoryIndex', {});
    assert.ok(models.some((model) => model.name === 'dense' && model.version === '2' && model.state === 'READY'));
    assert.ok(models.some((model) => model.name === 'broken' && model.state === 'UNAVAILABLE' && model.reason));
    await refused(grpc.status.PERMISSION_DENIED, /is off/, 'RepositoryModelLoad', {model_name: 'dense'});
  },
};

(async () => {
  for (const [name, check] of Object.entries(checks)) {
    await check().catch((error) => {
      error.message = `${name}: ${error.message}`;
      throw error;
    });
    console.log(name);
  }
  client.close();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
