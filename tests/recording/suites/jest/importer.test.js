const { render } = require('./renderer');

test('renders', () => render());
