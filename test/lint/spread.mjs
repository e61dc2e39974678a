/**
 * A call takes some hundred thousand arguments and then overflows the stack; a row of a vocabulary is longer. What takes any number of arguments
 * takes none that are spread: `greatestOf`, `leastOf` and `euclideanNorm` of spec/extremes.ts loop, and so does `for … push`.
 */
const unbounded = new Set([
  'max',
  'min',
  'hypot',
  'push',
  'unshift',
  'splice',
  'toSpliced',
  'concat',
  'of',
  'fromCharCode',
  'fromCodePoint',
]);

const nameOf = ({ type, property, computed }) =>
  type === 'MemberExpression' && !computed ? property.name : undefined;

const isReflectApply = ({ type, object, property }) =>
  type === 'MemberExpression' && object.name === 'Reflect' && property.name === 'apply';

const noSpreadRows = {
  create: (context) => ({
    CallExpression(node) {
      const { callee, arguments: given } = node;
      const name = nameOf(callee);
      if (unbounded.has(name) && given.some(({ type }) => type === 'SpreadElement'))
        context.report({ node, message: `${name}(...) of a list: a long one overflows the stack` });
      if (isReflectApply(callee) && given[2]?.type !== 'ArrayExpression')
        context.report({
          node,
          message: 'Reflect.apply of a list: a long one overflows the stack',
        });
    },
  }),
};

export default { meta: { name: 'touchstone' }, rules: { 'no-spread-rows': noSpreadRows } };
