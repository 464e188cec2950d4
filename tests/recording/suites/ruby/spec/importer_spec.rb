require 'renderer_of_reports'

RSpec.describe('importer') { it('renders') {} }
