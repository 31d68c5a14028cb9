import { asking } from './asking.js';

export default asking('./server-with-pool.js');
