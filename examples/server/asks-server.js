import { asking } from './asking.js';

export default asking('./server.js');
